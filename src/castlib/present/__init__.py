"""What a page shows: Thai formatting, tables, figures, maps, sentences, named results."""
