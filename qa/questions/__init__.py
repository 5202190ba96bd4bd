"""What is asked: follow-ups made whole, several questions in one taken apart, what kind of thing each asks for."""
