package desk_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"candor/desk"
	"candor/problem"
	"candor/staff"
	"candor/store/storetest"
)

// A node died while it worked on a request. When its time is over, one of the repeats goes on, and the others wait for its answer.
func TestOfManyRepeatsOfAnUnansweredRequestOneTakesOver(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			db := storetest.Open(t, url)
			d := desk.New(db, nil, nil)
			ctx := staff.As(t.Context(), staff.Actor{System: "test"})
			if _, _, err := d.Begin(ctx, "k", "body"); err != nil {
				t.Fatal(err)
			}
			if _, _, err := d.Begin(ctx, "k", "body"); !problem.Is(err, problem.Conflict) {
				t.Errorf("a repeat while it is worked on: %v", err)
			}
			time.Sleep(time.Minute)
			var mine, refused atomic.Int64
			var all sync.WaitGroup
			for range 10 {
				all.Go(func() {
					switch _, answered, err := d.Begin(ctx, "k", "body"); {
					case err == nil && !answered:
						mine.Add(1)
					case problem.Is(err, problem.Conflict):
						refused.Add(1)
					default:
						t.Errorf("answered %v, %v", answered, err)
					}
				})
			}
			all.Wait()
			if mine.Load() != 1 || refused.Load() != 9 {
				t.Errorf("%d took over, %d were asked to wait", mine.Load(), refused.Load())
			}
			if err := d.Finish(ctx, "k", 201, "done"); err != nil {
				t.Fatal(err)
			}
			before, answered, err := d.Begin(ctx, "k", "body")
			if err != nil || !answered || before.Body != "done" {
				t.Errorf("%+v, %v, %v", before, answered, err)
			}
		})
	})
}
