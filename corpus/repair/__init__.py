"""Damage that print, OCR and layout left in a text, one fault a module; the map back to the raw text goes along."""
