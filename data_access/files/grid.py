"""The British National Grid: from metres to longitude and latitude."""

import numpy as np
import pandas as pd

# England's box on the grid, in metres.
EASTINGS, NORTHINGS = (80_000, 660_000), (5_000, 660_000)


def longitude_latitude(easting: pd.Series, northing: pd.Series) -> tuple[pd.DataFrame, int]:
    """The positions (OSGB36, in metres) in WGS84, to some 5 metres, and how many were given but lie outside England.

    Columns longitude and latitude, in degrees with 5 decimals, on the index of easting; NaN where not given (the school
    register writes 0) or outside England.
    """
    given = (easting > 0) & (northing > 0)
    inside = given & easting.between(*EASTINGS) & northing.between(*NORTHINGS)
    made = pd.DataFrame({"longitude": np.nan, "latitude": np.nan}, index=easting.index)
    if inside.any():
        from pyproj import Transformer  # here, since it takes a while to load and few sessions import positions

        transformer = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
        longitude, latitude = transformer.transform(easting[inside].to_numpy(), northing[inside].to_numpy())
        made.loc[inside, "longitude"], made.loc[inside, "latitude"] = np.round(longitude, 5), np.round(latitude, 5)
    return made, int((given & ~inside).sum())
