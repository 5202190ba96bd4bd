"""The neural reader: reads the best passages word by word, and says where the answer begins and ends, or that it is not there."""
