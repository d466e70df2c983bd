// Command guike is the whole product in one program: server, demo, and the tools around them. This file lists the commands; each has a file of its own;
// wire.go puts the rooms together.
package main

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	_ "time/tzdata" // zones, also where the system has none

	"guike/record"
	"guike/web"

	"github.com/alecthomas/kong"
)

// version is set when a release is built: -ldflags "-X main.version=…".
var version = ""

func buildVersion() string {
	if version != "" {
		return version
	}
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, s := range b.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return "dev-" + s.Value[:12]
			}
		}
	}
	return "dev"
}

type cli struct {
	Log string `help:"What to log: debug, info, warn, error." default:"info" enum:"debug,info,warn,error" env:"GUIKE_LOG"`

	Demo    demoCmd    `cmd:"" help:"Fill a folder with an invented company and serve it."`
	Serve   serveCmd   `cmd:"" help:"Serve a workspace."`
	Init    initCmd    `cmd:"" help:"Make an empty workspace."`
	User    userCmd    `cmd:"" help:"Users of a workspace."`
	Add     addCmd     `cmd:"" help:"Take files in."`
	Import  importCmd  `cmd:"" help:"Take a table in: CSV, TSV, XLSX, MT940, camt.053."`
	Imports importsCmd `cmd:"" help:"List imports."`
	Undo    undoCmd    `cmd:"" help:"Take back what an import did."`
	Export  exportCmd  `cmd:"" help:"Write all records of a kind, or those a filter keeps, to the standard output."`
	Backup  backupCmd  `cmd:"" help:"Write a workspace, originals and all, into one file, also while it is served."`
	Restore restoreCmd `cmd:"" help:"Make a workspace of a backup, in an empty folder, or with --database in an empty schema of PostgreSQL."`
	Doctor  doctorCmd  `cmd:"" help:"Say what is there, what is missing, what to do."`
	Read    readCmd    `cmd:"" help:"Read papers and print what they say, without a server."`
	Worker  workerCmd  `cmd:"" hidden:""`
	Version versionCmd `cmd:"" help:"Say which version this is."`
}

type versionCmd struct{}

func (versionCmd) Run() error {
	fmt.Println("guike", buildVersion())
	return nil
}

func main() {
	var c cli
	ctx := kong.Parse(&c, kong.Name("guike"), kong.Description("归客: one place for a company's customers, receipts, orders and files."), kong.UsageOnError())
	var level slog.Level
	if err := level.UnmarshalText([]byte(strings.ToUpper(c.Log))); err != nil {
		ctx.FatalIfErrorf(err)
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})))
	err := ctx.Run()
	if err == nil {
		return
	}
	var code exitCode
	if errors.As(err, &code) {
		os.Exit(int(code))
	}
	fmt.Fprintln(os.Stderr, "guike:", plain(err))
	os.Exit(1)
}

// exitCode ends the program with a status and no message of its own.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// plain says what went wrong in the words of the browser; the parts in the order of their names.
func plain(err error) string {
	var re *record.Error
	if !errors.As(err, &re) {
		return err.Error()
	}
	said := []string{web.Say(lang(), re.Message)}
	if re.Message == "error.invalid" && len(re.Fields) > 0 {
		said = nil // its parts say it
	}
	for _, f := range slices.Sorted(maps.Keys(re.Fields)) {
		said = append(said, f+": "+web.Say(lang(), re.Fields[f]))
	}
	return strings.Join(said, "; ")
}
