module guike

go 1.26
