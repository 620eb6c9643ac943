"""The bar store: a folder of Parquet files, one a symbol, that is filled and kept up to date."""
