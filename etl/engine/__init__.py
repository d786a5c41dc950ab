"""The hexing engine: rasters to H3 cells with exact area weights, strip by strip."""
