package app

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"candor/record"
)

// recordKeys are those of the file the operator named, one a line, the newest first; none where there is no file.
func (c Config) recordKeys() (keys []record.Key, err error) {
	if c.RecordKey == "" {
		return nil, nil
	}
	b, err := os.ReadFile(c.RecordKey)
	if err != nil {
		return nil, fmt.Errorf("--record-key: %w", err)
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		k := record.Key(line)
		if _, err := k.Public(); err != nil {
			return nil, fmt.Errorf("--record-key: line %d of %s is no key of a record: want PRIVATE+KEY+…", len(keys)+1, c.RecordKey)
		}
		if len(keys) > 0 && k.Origin() != keys[0].Origin() {
			return nil, errors.New("--record-key: all keys must have one name, since it is the record's")
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("--record-key: %s holds no key", c.RecordKey)
	}
	return keys, nil
}
