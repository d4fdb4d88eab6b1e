//! Pictures: encoded bytes or RGBA pixels → normalised planes.
