"""What an operator sees of the program: figures to be scraped, lines to be searched; never a text of anybody."""
