"""Long runs: tables of any size, evaluated and written part by part, here or on a Dask cluster."""
