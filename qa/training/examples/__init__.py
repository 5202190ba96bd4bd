"""What the reader learns from: questions that people wrote, and such as are made of laws, tables, notices and news."""
