"""How a run's end is told to machines: JSON, JUnit XML, a Markdown summary, and annotations where a CI shows them."""
