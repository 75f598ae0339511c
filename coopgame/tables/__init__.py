"""Tables of numbers: points, columns, one evaluator, exact rows at borders, Parquet in parts."""
