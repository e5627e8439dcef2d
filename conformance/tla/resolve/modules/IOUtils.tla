------------------------------ MODULE IOUtils -------------------------------
(* Files, processes and the environment. What they do and give is not in the definitions, which no engine can compute
   by themselves. *)
LOCAL INSTANCE Integers
LOCAL INSTANCE Sequences
LOCAL INSTANCE TLC

IOSerialize(val, absoluteFilename, compress) == CHOOSE done : done = TRUE

IODeserialize(absoluteFilename, compressed) == CHOOSE value : TRUE

LOCAL Outcome == CHOOSE r \in [exitValue : Int, stdout : STRING, stderr : STRING] : TRUE

(* Writes and reads a value in the format that the options name. *)
Serialize(value, dest, options) == Outcome

Deserialize(src, options) == CHOOSE value : TRUE

(* Runs a command, given as a sequence of words; the templates have places for parameters. *)
IOExec(command) == Outcome

IOEnvExec(env, command) == Outcome

IOExecTemplate(commandTemplate, parameters) == Outcome

IOEnvExecTemplate(env, commandTemplate, parameters) == Outcome

(* The variables of the environment, by name. *)
IOEnv == CHOOSE env : \E names \in SUBSET STRING : env \in [names -> STRING]

(* The number that a text stands for. *)
atoi(str) == CHOOSE n \in Int : ToString(n) = str

(* The text of n with zeros before it, up to the width. *)
zeroPadN(n, width) ==
  LET RECURSIVE pad(_)
      pad(s) == IF Len(s) \geq width THEN s ELSE pad("0" \o s)
  IN pad(ToString(n))
=============================================================================
