"""Who may see and do what: accounts, sessions, set-up links, rate limits, the sign-in pages."""
