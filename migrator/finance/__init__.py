"""Money that finance can prove: what was posted, what the provider says, and what does not fit.

May touch payments, fulfilment and the rooms below them. Read reconciliation/ for what finance opens in the morning.
"""
