"""Places from which a run is seen and steered while it lasts; none of them can delay the run or end it."""
