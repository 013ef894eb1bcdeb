"""How the answers to each kind of question become numbers, learnt once and read again for other people."""
