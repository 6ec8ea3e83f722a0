import type { ErrorDescriptor } from "../descriptor.ts";

/** What the chain, its contracts or a wallet refused, and clients that lack what a verb needs. */
export const chainErrors = {
  CLIENT_DEPLOYMENT_INVALID: {
    message: "The description of the network cannot be used.",
    remedy: "Pass the deployment file of the network as it was published.",
  },
  CLIENT_PROVIDER_MISSING: {
    message: "No node of the network is known.",
    remedy: "Pass a provider or a node's address, or a deployment whose description lists nodes.",
  },
  CLIENT_SIGNER_MISSING: {
    message: "This needs somebody's signature, and the client has no signer.",
    remedy: "Create the client with a signer: an ethers Signer, an EIP-1193 wallet or a viem account.",
  },
  CLIENT_SIGNER_UNKNOWN: {
    message: "This object cannot sign.",
    remedy: "Pass an ethers Signer, an EIP-1193 wallet or a viem account.",
  },
  CLIENT_OUTBOX_MISSING: {
    message: "This needs an outbox, and the client has none.",
    remedy: "Create the client with one (openOutbox of @anamnesis/node), or add the records one by one.",
  },
  CLIENT_STORAGE_MISSING: {
    message: "This needs a content store, and the client has none.",
    remedy: "Create the client with storage, such as the embedded IPFS store.",
  },
  CLIENT_STEWARDS_MISSING: {
    message: "This needs the stewards, and the client does not know how to reach them.",
    remedy: "Create the client with stewards, a transport to the network's committee.",
  },
  CLIENT_KEYRING_MISSING: {
    message: "This needs the patient's keyring, and the client has none.",
    remedy: "Create or open a keyring and create the client with it.",
  },
  CLIENT_ENVELOPES_MISSING: {
    message: "This needs a replica of the patient's envelopes, and the client has none.",
    remedy: "Create the client with envelopes, a store on this device.",
  },
  CLIENT_LOCAL_KEY_MISSING: {
    message: "To continue an upload later, what is kept of it must be sealed, and the client has no key for that.",
    remedy: "Create the client with the patient's keyring, or with a localKey of 32 secret bytes that you keep.",
  },
  CLIENT_PROVIDER_UNKNOWN: {
    message: "This key does not belong to a registered provider.",
    remedy: "Ask the registrar to admit you, or sign with a key that your institution registered.",
  },
  CHAIN_WRONG_NETWORK: {
    message: "The node or wallet is on another network.",
    remedy: "Switch it to the network named in the details, then try again.",
  },
  CHAIN_CONTRACT_MISSING: {
    message: "A contract of the network is not at its address.",
    remedy: "Check that the deployment file is this network's, and that the node has caught up.",
  },
  CHAIN_UNREACHABLE: {
    message: "The network's node cannot be reached.",
    remedy: "Check the connection and the node's address, then try again. Nothing was changed.",
  },
  CHAIN_NODES_DISAGREE: {
    message: "The network's nodes contradict one another.",
    remedy: "Wait until they agree; if it lasts, tell the operators. Nothing was signed.",
  },
  CHAIN_HEAD_BEHIND: {
    message: "The network has not reached the second this decision needs.",
    remedy: "Try again in a moment; if it lasts, the network has stopped making blocks.",
  },
  CHAIN_TIMEOUT: {
    message: "The network accepted the request but has not confirmed it yet: it is not final.",
    remedy: "Look for the transaction named in the details before you try again; it may still take effect.",
  },
  CHAIN_SEND_UNCERTAIN: {
    message: "The connection broke while the request was being sent, so it may or may not have arrived.",
    remedy: "Look for the transaction named in the details before you try again.",
  },
  CHAIN_REPLACED: {
    message: "Another transaction of the same wallet took this one's place.",
    remedy: "Look at what the wallet sent instead; repeat the request if it is still wanted.",
  },
  CHAIN_REVERTED: {
    message: "The network's rules do not allow this.",
    remedy: "Read the reason in the details; nothing was changed.",
  },
  CHAIN_FUNDS_MISSING: {
    message: "The wallet that sends this cannot pay the network's fee.",
    remedy: "Let a relay send the signed decision, or top up the sending wallet.",
  },
  CHAIN_REQUEST_FAILED: {
    message: "The network's node refused the request.",
    remedy: "Try again; if it lasts, tell the operator of the node.",
  },
  CHAIN_ANSWER_INVALID: {
    message: "The network's node gave an answer that cannot be right.",
    remedy: "Use another node, and tell the operator of this one.",
  },
  SIGNATURE_REFUSED: {
    message: "The request was declined in the wallet.",
    remedy: "Nothing was signed. Repeat it and confirm if you want it.",
  },
  WALLET_BUSY: {
    message: "The wallet is still waiting for an answer to an earlier question.",
    remedy: "Open the wallet, answer the question that is open, then try again.",
  },
  WALLET_NETWORK_UNKNOWN: {
    message: "The wallet does not know this network.",
    remedy: "Add the network named in the details to the wallet, then try again.",
  },
  WALLET_FAILED: {
    message: "The wallet could not sign.",
    remedy: "Unlock the wallet and check that it is connected to this page, then try again.",
  },
  PROVIDER_NAME_INVALID: {
    message: "This name cannot be registered.",
    remedy: "Use 1 to 100 letters, digits and single spaces, without invisible characters.",
  },
  PROVIDER_NAME_DIFFERS: {
    message: "This is not the name the provider is registered under.",
    remedy: "Take the name from the network's directory exactly as it is written there.",
  },
  CONSENT_SIGNED_FOR_ANOTHER: {
    message: "This signed decision belongs to another network or contract.",
    remedy: "Submit it to the network it was signed for, or sign it again here.",
  },
  CHAIN_STATE_PROOF_UNAVAILABLE: {
    message: "The chain node gives no proof of its state that fits a block header.",
    remedy:
      "Leave out the header: the proof still verifies against a trusted root or with a node. Or ask a node that serves eth_getProof.",
  },
  DEPLOYMENT_FAILED: {
    message: "The contracts could not all be deployed.",
    remedy: "Look at the cause and run the deployment again: it goes on where it stopped.",
  },
} as const satisfies Record<string, ErrorDescriptor>;
