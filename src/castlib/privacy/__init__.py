"""What may leave the study, and in what form: pseudonyms on the way in, small cells and a gate on the way out."""
