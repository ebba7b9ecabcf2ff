package duty

import "fmt"

// wrap names the act and its ids on the way out; exported functions defer it.
func wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf(format+": %w", append(args, *err)...)
	}
}
