---- MODULE Needs ----
EXTENDS Odd, ModuleThatIsNowhere
====
