"""What a worker process is asked to do, and how its giver speaks of it."""
