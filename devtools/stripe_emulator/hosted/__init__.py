"""The pages a buyer sees at the provider: pay, save a card, prove who one is."""
