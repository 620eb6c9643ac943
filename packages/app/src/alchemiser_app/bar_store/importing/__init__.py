"""Import of a folder of CSV or Parquet files into a bar store.

`run.import_folder` is the whole of it, `one_file.FileImport` what is done with each file.
"""
