"""What a micro-credential has to say, and what follows where several are combined."""
