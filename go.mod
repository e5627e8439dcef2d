module synod

go 1.26
