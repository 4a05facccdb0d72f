"""One submission: `order` says which tests need a process of their own, `runner` runs answers there and tests here, and
`grade` goes from the bytes of a file to the notebook that is stored. The sandbox lies beside this folder.
"""
