"""What people said: Thai words, key words, codes and how far coders agree, saturation, quotes."""
