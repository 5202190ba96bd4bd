"""How the reader is made and measured. Above what it trains: nothing that answers imports this room."""
