package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"candor/store"
	"candor/store/storetest"
)

const badDisk = "CANDOR_TEST_BAD_DISK" // in the child's environment: a database, and "full" if it is to run out of room by itself

// F10: a disk that fails while a transaction is being saved is not asked again: after a failed fsync the kernel may have dropped what it could
// not write, and the next one succeeds over nothing. Whoever saves is told that it is in doubt, and everything answered for is there afterwards.
func TestADiskThatFailsWhileItSavesIsNotAskedAgain(t *testing.T) {
	if order := os.Getenv(badDisk); order != "" {
		url, how, _ := strings.Cut(order, " ")
		saveUntilItFails(t, url, how == "full")
		return
	}
	t.Run("no room for the log", func(t *testing.T) {
		url := storetest.SQLite(t)
		if !fails(t, url, exec.CommandContext(t.Context(), os.Args[0]), "full") {
			t.Error("nothing failed: this proves nothing")
		}
	})
	t.Run("fsync of the log", func(t *testing.T) {
		strace, err := exec.LookPath("strace")
		if err != nil {
			t.Skip("without strace no fsync can be made to fail")
		}
		url := storetest.SQLite(t)
		db, err := store.Open(t.Context(), url)
		if err == nil {
			err = db.Close() // the schema is on the disk
		}
		if err != nil {
			t.Fatal(err)
		}
		log := strings.TrimPrefix(url, "sqlite:") + "-wal"
		child := exec.CommandContext(t.Context(), strace, "-f", "-qq", "-o", "/dev/null", "-P", log, "-e", "inject=fsync,fdatasync:error=EIO", os.Args[0])
		if !fails(t, url, child, "") {
			t.Error("nothing failed: this proves nothing")
		}
	})
}

// fails lets a child save on a disk that fails, and reports whether it did. What the child answered for must be there.
func fails(t *testing.T, url string, child *exec.Cmd, how string) (failed bool) {
	t.Helper()
	child.Args = append(child.Args, "-test.run=^TestADiskThatFailsWhileItSavesIsNotAskedAgain$", "-test.v")
	child.Env = append(os.Environ(), badDisk+"="+url+" "+how)
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("the child: %v\n%s", err, out)
	}
	var saved, doubtful int
	for line := range strings.Lines(string(out)) {
		saved += strings.Count(line, "saved round")
		doubtful += strings.Count(line, "doubtful round")
	}
	db := storetest.Open(t, url)
	kept := readOne[int64](t, db, `SELECT count(*) FROM limits`)
	if kept < int64(saved) || kept > int64(saved+doubtful) {
		t.Errorf("%d rounds were saved and %d are in doubt, and %d are there\n%s", saved, doubtful, kept, out)
	}
	return doubtful > 0
}

// saveUntilItFails is the child.
func saveUntilItFails(t *testing.T, url string, full bool) {
	ctx, at := context.Background(), time.Now()
	db, err := store.Open(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	if full {
		noMoreRoom(t, strings.TrimPrefix(url, "sqlite:")+"-wal")
	}
	for round := range 4 {
		tries := 0
		err := db.Batch(ctx, func(tx *store.Tx) error {
			if tries++; tries > 3 {
				return errors.New("asked again and again")
			}
			_, err := tx.Limits.Take(ctx, fmt.Sprint("round ", round), time.Hour, 1, at)
			return err
		})
		switch {
		case err == nil:
			fmt.Println("saved round", round)
			continue
		case tries != 1 || !errors.Is(err, store.ErrInDoubt):
			t.Fatalf("%d tries, %v; want one try and ErrInDoubt", tries, err)
		}
		fmt.Println("doubtful round", round)
		return
	}
}

// noMoreRoom lets no file of this process grow beyond the size this one has.
func noMoreRoom(t *testing.T, file string) {
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	size := uint64(info.Size())
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: size}); err != nil {
		t.Fatal(err)
	}
}
