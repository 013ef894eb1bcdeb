"""The pages where respondents look after their own answers and enter a prize draw, by the link that resumes them."""
