package console

import (
	"net/http"
	"slices"
	"strconv"

	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/settings"
)

// A roomsPage is the company's own rooms that read along.
type roomsPage struct {
	shell
	Rooms []roomRow
	Rest  []string
}

// A roomRow is one room in the form; the last one is empty, for another.
type roomRow struct {
	Number                    int
	New                       bool
	Name, URL                 input
	Service, Impact, Language choice
	Says                      []option
	SaysFault                 fault
}

var chatKindWords = map[string]string{"update": "Updates", "correction": "Corrections", "upcoming": "Reminders of planned work"}

func (f *Face) showRooms(w http.ResponseWriter, r *http.Request) error {
	return f.renderRooms(w, r, http.StatusOK, nil, nil)
}

func (f *Face) renderRooms(w http.ResponseWriter, r *http.Request, status int, chosen *settings.Settings, faults problem.List) error {
	s, err := f.frame(r, "Chat rooms", "", nil)
	if err != nil {
		return err
	}
	s = s.refused(faults)
	var p roomsPage
	c := s.Company.Masked()
	if chosen != nil {
		c = chosen.Masked()
	}
	shown := []string{}
	rooms := c.Chat.Rooms
	if chosen == nil || len(faults) == 0 {
		rooms = append(slices.Clone(rooms), settings.Room{})
	}
	for n, room := range rooms {
		row, fields := roomInForm(s, n, room)
		row.New = room.Name == "" && room.URL == ""
		p.Rooms, shown = append(p.Rooms, row), append(shown, fields...)
	}
	p.shell, p.Rest = s, s.Elsewhere(shown...)
	return f.render(w, status, "rooms", p)
}

func roomInForm(s shell, n int, room settings.Room) (row roomRow, shown []string) {
	at := "chat.rooms." + strconv.Itoa(n) + "."
	for _, field := range []string{"name", "url", "service", "impact", "language", "says"} {
		shown = append(shown, at+field)
	}
	hint := "An incoming webhook of the room. It is a key, and not shown again"
	if hasRoom(s.Company.Chat, room.Name) {
		hint = "One is kept under this name; empty leaves it"
	}
	row = roomRow{
		Number:  n,
		Name:    input{Name: at + "name", Type: "text", Legend: "Room", Hint: "As you call it", Value: room.Name, Fault: s.Err(at + "name")},
		URL:     input{Name: at + "url", Type: "password", Legend: "Address", Hint: hint, Auto: "new-password", Fault: s.Err(at + "url")},
		Service: choice{Name: at + "service", Legend: "Service", Fault: s.Err(at + "service")},
		Impact:  choice{Name: at + "impact", Legend: "From which impact on", Fault: s.Err(at + "impact"), Options: []option{{Word: "Any", Chosen: room.Impact == ""}}},
		Language: choice{
			Name: at + "language", Legend: "Language", Fault: s.Err(at + "language"), Options: []option{{Word: "The company's", Chosen: room.Language == ""}},
		},
		SaysFault: s.Err(at + "says"),
	}
	for _, x := range settings.ChatServices {
		row.Service.Options = append(row.Service.Options, option{Value: x, Word: serviceWords[x], Chosen: x == room.Service})
	}
	for _, i := range incident.Impacts {
		row.Impact.Options = append(row.Impact.Options, option{Value: string(i), Word: s.ImpactWord(i), Chosen: i == room.Impact})
	}
	for _, tag := range lang.All() {
		row.Language.Options = append(row.Language.Options, option{Value: string(tag), Word: tag.Name(), Chosen: tag == room.Language})
	}
	for _, k := range settings.ChatKinds {
		row.Says = append(row.Says, option{Value: k, Word: chatKindWords[k], Chosen: len(room.Says) == 0 || slices.Contains(room.Says, k)})
	}
	return row, shown
}

var serviceWords = map[string]string{"slack": "Slack", "teams": "Microsoft Teams", "discord": "Discord", "mattermost": "Mattermost"}

func (f *Face) postRooms(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	chosen := s.Company
	chosen.Chat.Rooms = typedRooms(in, s.Company.Chat)
	chosen = chosen.Unmasked(s.Company)
	err = f.keepSettings(r, in, chosen)
	if refusals := ofForm(err); refusals != nil {
		return f.renderRooms(w, r, http.StatusUnprocessableEntity, &chosen, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings/chat?done=kept")
}

// typedRooms are the rooms of the form. One without a name and an address is none; an address left empty stays what it is
// for the room of that name.
func typedRooms(in *form, stored settings.Chat) (all []settings.Room) {
	for n := range len(in.all("room[]")) {
		at := "chat.rooms." + strconv.Itoa(n) + "."
		if in.checked(at + "remove") {
			continue
		}
		room := settings.Room{
			Name: in.text(at + "name"), Service: in.text(at + "service"), URL: in.text(at + "url"), Says: in.all(at + "says"),
			Impact: incident.Impact(in.text(at + "impact")), Language: lang.Tag(in.text(at + "language")),
		}
		if room.Name == "" && room.URL == "" {
			continue
		}
		if room.URL == "" && hasRoom(stored, room.Name) {
			room.URL = settings.Hidden
		}
		if len(room.Says) == len(settings.ChatKinds) {
			room.Says = nil // all, those that are to come included
		}
		if len(room.Says) == 0 && len(in.all(at+"says")) == 0 {
			in.faults.Add(problem.Field("chat.rooms."+strconv.Itoa(len(all))+".says", "problem.choice"))
		}
		all = append(all, room)
	}
	return all
}

func hasRoom(c settings.Chat, name string) bool {
	return slices.ContainsFunc(c.Rooms, func(r settings.Room) bool { return r.Name == name })
}
