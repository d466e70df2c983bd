package paper_test

import (
	"testing"

	"guike/paper/workertest"
)

func TestMain(m *testing.M) { workertest.Main(m) }
