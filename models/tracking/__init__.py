"""What comparing two waves of people needs: how far answers have moved, and which segment is which."""
