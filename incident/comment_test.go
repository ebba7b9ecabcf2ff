package incident

import (
	"strings"
	"testing"
	"time"
)

// What customers really write when something is down is not held; what spam is made of is. The words are of the kinds that both send.
func TestSignsTellSpamFromAnger(t *testing.T) {
	t.Parallel()
	for _, said := range []struct{ name, body string }{
		{"Lin", "Our shop has been down all afternoon. Why did the spare not take over?"},
		{"Anna Müller", "Das ist jetzt das DRITTE Mal in diesem Jahr. Ich bin wütend und gehe."},
		{"林怡君", "我們的網路商店停了一整個下午，客人還以為我們倒了。"},
		{"Budi", "Situs kami mati sejak pagi, kapan pulih?"},
		{"J.", "You are liars. Refund me. See https://shop.example/orders, it is still 503."},
		{"angry", "WHY IS IT STILL DOWN AFTER FIVE HOURS OF YOUR SILENCE"},
		{"Ana", "Gracias por contarlo."},
	} {
		if signs := SignsOf(said.name, said.body, false); Waits(signs) {
			t.Errorf("%q is held: %v", said.body, signs)
		}
	}
	for _, spam := range []struct {
		name, body string
		repeated   bool
	}{
		{"best casino", "Play poker and win", false},
		{"www.pills.example", "Great post", false},
		{"Mike", "Nice. https://a.example https://b.example https://c.example", false},
		{"Mike", "[url=https://a.example]cheap[/url]", false},
		{"Mike", "Thanks for this great article", true},
		{"Mike", "Buy vi\u0430gra n\u043ew aaaaaaaaaaaaaaaa", false},
	} {
		if signs := SignsOf(spam.name, spam.body, spam.repeated); !Waits(signs) {
			t.Errorf("%q is not held: %v", spam.body, signs)
		}
	}
}

func TestACommentGoesOnlyWhereTheTableLeads(t *testing.T) {
	t.Parallel()
	states := []CommentState{CommentUnconfirmed, CommentChecking, CommentHeld, CommentShown, CommentHidden, CommentLapsed}
	var got []string
	for _, from := range states {
		for _, to := range states {
			if (Comment{State: from}).May(to) {
				got = append(got, string(from)+">"+string(to))
			}
		}
	}
	want := "unconfirmed>checking unconfirmed>held unconfirmed>shown unconfirmed>hidden unconfirmed>lapsed checking>held checking>shown checking>hidden " +
		"held>shown held>hidden shown>hidden hidden>shown"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
	if (Comment{State: CommentHidden, ErasedAt: time.Unix(1, 0)}).May(CommentShown) {
		t.Error("a comment without words comes back")
	}
}

func TestAPageHoldsAsManyCommentsAsItSays(t *testing.T) {
	t.Parallel()
	for number, want := range map[int]int{0: 1, 1: 1, CommentsOnPage: 1, CommentsOnPage + 1: 2, 10*CommentsOnPage + 1: 11} {
		if got := PageOf(number); got != want {
			t.Errorf("comment %d is on page %d, want %d", number, got, want)
		}
	}
}
