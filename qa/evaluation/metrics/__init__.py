"""What one answer is worth, metric by metric, and how sure a figure over many answers is."""
