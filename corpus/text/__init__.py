"""What every other room uses of Chinese text: sentences, passages, terms, tagged words, figures and dates by value."""
