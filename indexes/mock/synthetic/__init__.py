"""The synthetic citizens: chance made into believable, untidy holdings."""
