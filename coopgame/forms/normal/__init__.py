"""Games in normal form: supports, mixtures, continua, and many players."""
