package load

// Small has a run read pieces of so many bytes and commit after so many rows.
func (c *Config) Small(blockSize, commitRows int) { c.blockSize, c.commitRows = blockSize, commitRows }
