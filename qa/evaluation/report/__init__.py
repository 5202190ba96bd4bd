"""What an evaluation shows: files, Markdown, pages, and two reports compared."""
