"""What leaves the house: SMS, mail, tiles. Each has one interface and a local fake that a person can look into."""
