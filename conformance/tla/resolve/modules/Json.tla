-------------------------------- MODULE Json --------------------------------
(* Values as JSON text: records and functions as objects, sequences and sets as arrays. The engine writes and reads
   it; here stands what the operators give. *)
LOCAL INSTANCE Sequences
LOCAL INSTANCE TLC

ToJson(value) == ToString(value)

ToJsonArray(value) == ToString(value)

ToJsonObject(value) == ToString(value)

(* TRUE; the value is written to the file, as one document or as one line for each element. *)
JsonSerialize(absoluteFilename, value) == TRUE

ndJsonSerialize(absoluteFilename, value) == TRUE

(* The value that the file holds, or the sequence of the values of its lines. *)
JsonDeserialize(absoluteFilename) == CHOOSE value : TRUE

ndJsonDeserialize(absoluteFilename) == CHOOSE values : \E S : values \in Seq(S)
=============================================================================
