"""Question sets drafted from a collection's own articles, for a person to check before they are evaluated with."""
