"""Events of Beskedfordeler: what changed in an index, told within seconds, into the same tables by the same readers.

``envelope`` reads what a message is about, ``payload`` the object in it, ``apply`` writes a batch of them, ``consumer``
takes them off the queue. An event makes no source fresh: that is a complete reading's to say, for events may be lost,
and what was never sent nobody misses.
"""
