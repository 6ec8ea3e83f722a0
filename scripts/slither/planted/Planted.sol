// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Wrong on purpose: what Slither must find, so that its silence about our contracts means something
contract Planted {
    mapping(address account => uint256) private _balances;

    function deposit() external payable {
        _balances[msg.sender] += msg.value;
    }

    /// Pays before it writes.
    function withdraw() external {
        (bool isPaid, ) = msg.sender.call{value: _balances[msg.sender]}("");
        require(isPaid);
        _balances[msg.sender] = 0;
    }

    /// Anybody's.
    function close() external {
        selfdestruct(payable(msg.sender));
    }
}
