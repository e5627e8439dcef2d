-------------------------------- MODULE CSV ---------------------------------
(* Files of comma-separated values. *)
LOCAL INSTANCE Integers

(* TRUE; a line is added to the file: the values in the places of the template. *)
CSVWrite(template, val, file) == CHOOSE done : done = TRUE

(* TRUE; a record is added to the file as a line, below a line of its field names where the file is new. *)
CSVWriteRecord(record, delim, headers, file) == CHOOSE done : done = TRUE

(* The lines of the file as a sequence of records with the columns as fields. *)
CSVRead(columns, delimiter, file) == CHOOSE lines : TRUE

(* The number of lines in the file. *)
CSVRecords(file) == CHOOSE n : n \in Nat
=============================================================================
