-------------------------------- MODULE Json --------------------------------
(* Values as JSON text: records and functions as objects, sequences and sets as arrays. The engine writes and reads
   it; here stands what the operators give. *)
LOCAL INSTANCE Sequences

ToJson(value) == CHOOSE text : text \in STRING

ToJsonArray(value) == ToJson(value)

ToJsonObject(value) == ToJson(value)

(* TRUE; the value is written to the file, as one document or as one line for each element. *)
JsonSerialize(absoluteFilename, value) == CHOOSE done : done = TRUE

ndJsonSerialize(absoluteFilename, value) == CHOOSE done : done = TRUE

(* The value that the file holds, or the sequence of the values of its lines. *)
JsonDeserialize(absoluteFilename) == CHOOSE value : TRUE

ndJsonDeserialize(absoluteFilename) == CHOOSE values : \E S : values \in Seq(S)
=============================================================================
