"""The raster job: what it doubts it says."""

import numpy as np
import pytest

from etl.rasters import rasters
from geo_data.settings import Settings
from geo_data.sources import Band
from tests import spatial

AREA = (10.0, 33.0, 11.0, 34.0)


@pytest.mark.parametrize(("nodata", "warned"), [(None, True), (-1.0, False)])
def test_a_raster_without_nodata_says_so(tmp_path, nodata, warned):
    "Named file, what it means, what to do; with a nodata value there is nothing to say"
    file = spatial.raster(
        tmp_path / "a.tif", np.full((40, 40), 7.0), west=9, north=35, step=0.1, nodata=nodata
    )
    source = spatial.source(bands=[Band(quantity="elevation_m")])
    gave = rasters([file], source, spatial.operation(AREA), Settings())
    assert bool(gave.warnings) is warned
    assert all("a.tif declares no nodata" in warning for warning in gave.warnings)
